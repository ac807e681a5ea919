/** The page of one who asked. `{name}` is a place for a value. */

import { insecure } from "./ask";

export const status = {
  title: "Your request",
  insecure,
  loading: "Looking…",
  refresh: "Look again now",
  lastLooked: "Last looked at {when}",
  received: {
    title: "Received",
    text: "Your request has arrived. There is nothing to open yet.",
    until: "Look again until {when}",
    more: "More may come: look again until {when}",
    over: "The time to look again is over since {when}. No answer will come any more.",
    meaning:
      "This page says “received” whatever happens: while the owner is deciding, after a no, when there is no footage. Nobody can see which.",
  },
  answers: { one: "An answer has arrived", other: "{n} answers have arrived" },
  answer: "Answer {n}",
  size: "{size}, locked with your key",
  until: "Can be opened until {when}. Save it if you need it longer; some can be fetched only once: 15 minutes after the whole of it was fetched it is gone.",
  open: "Open",
  openAgain: "Try again",
  opening: "Fetching and unlocking… {percent}",
  checking: "Checking…",
  notFound: {
    title: "Nothing here",
    text: "This link is not known, or its time is over. Check that it is complete, from https to the last character.",
  },
  unreachable: "The server could not be reached. Check the connection and try again.",
  key: {
    missing: {
      title: "Part of the link is missing",
      text: "The part after # is the key to your answers, and it is not there. Open the link exactly as you saved it. Nobody, not even the owner, can make the key again.",
    },
    broken: {
      title: "Part of the link is damaged",
      text: "The part after # is the key to your answers, and it is not complete. Open the link exactly as you saved it. Nobody, not even the owner, can make the key again.",
    },
  },
  failed: {
    title: "Not opened",
    gone: "It is not there any more: its time is over, it was taken back, or it was already fetched.",
    unreachable: "The connection broke. Nothing is lost, try again.",
    strange: "The server sent something else than it announced. Nothing was opened.",
    wrong_key:
      "The key in this link does not fit this answer. Was the link put together from two? Open it exactly as you saved it.",
    damaged:
      "The package is damaged or was changed on its way. It is not shown, because nobody can say what it is.",
    bad_signature:
      "The signature does not fit: the package was changed after it was made. It is not shown.",
    bad_manifest: "The package does not say properly what it holds. It is not shown.",
    digest_differs:
      "The content is not what its signed manifest says: it was changed. It is not shown.",
    other_request: "This package belongs to another request. It is not shown.",
    browser: "This browser is missing something that is needed here. Please use a current one.",
  },
  clip: "The clip",
  words: "The owner’s answer",
  silent: "The clip has no sound.",
  sound: "The clip has sound. It starts muted.",
  videoLabel: "The shared clip",
  cannotPlay:
    "This browser cannot play this film ({codec}). Save it and open it with a player such as VLC.",
  save: "Save clip",
  saveWords: "Save answer",
  saveManifest: "Save manifest",
  saveHint:
    "Keep both files together, unchanged: with them anybody can check later that the content is the one you received.",
  checks: {
    title: "What was checked",
    sealed: "Unlocked on this device with your key. On the way nobody could see inside.",
    signature: "The manifest is signed, and the signature fits.",
    digest: "The content is exactly what the manifest says: {size}, with this SHA-256:",
    request: "It belongs to this request.",
    limits:
      "The signing key was made for this one delivery. It proves that nothing was changed since, not whose camera it is or that a clock was right.",
  },
  facts: {
    title: "What it shows",
    covered: "From – to",
    length: "Length",
    asked: "You asked for",
    camera: "Camera",
    cameraText: "Number {n} of this request",
    picture: "Picture",
    pictureText: "{width} × {height}, {codec}",
    changes: "How it was made",
    consent: "Approved by the owner",
    identity: "They say they are",
  },
  terms: {
    title: "On these terms",
    purpose: "For this purpose only",
    deleteBy: "Delete it by",
    onward: "Passing it on",
    onwardNo: "Not allowed",
    onwardYes: "Allowed for this purpose",
  },
  local: "Times in {zone}",
  tools: "Open it without this page",
  toolsText:
    "The package is a standard age file. Save it, put the key (the part of your link after #) into a file key.txt, then:",
  toolsSave: "Save locked package",
} as const;
