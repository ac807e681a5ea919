"""The pages in a real browser, against a home that is made up."""
