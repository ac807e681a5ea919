"""A small world to show and test Clip Consent in.

Two cameras with a day of recordings, a real Home Assistant, phones that are registered
through its real `mobile_app` API, and a browser.
"""
