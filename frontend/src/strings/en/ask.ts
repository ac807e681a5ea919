/** The form of an invite. `{name}` is a place for a value. */

export const insecure =
  "This address is not encrypted (http). Others on the same network could read or change what you send. If you can, ask for a link that begins with https.";

export const ask = {
  title: "Ask for camera footage",
  lead: "Somebody with a camera gave you this link. Tell them what you are looking for, and they decide.",
  insecure,
  terms: {
    title: "Before you ask",
    voluntary: "Answering is voluntary. The owner need not say why, or anything at all.",
    invisible:
      "Nobody can see a refusal. You will not be told if the answer is no, if there is no footage, or if nobody has looked yet. All that you will read is “received”, unless footage is shared with you.",
    seen: "Everybody who decides for that home, the owner and those they have chosen, can read what you fill in here and when you sent it. The owner’s server sees your internet address, as every website does.",
    kept:
      "What you write about what happened becomes the stated purpose in the terms of a clip. If nothing is shared with you, your words are deleted {days} days after the request is closed; only a digest stays, which tells nothing of them. If something is shared, they stay with the record of it.",
    sealed:
      "If they share, the clip is locked with a key that this page makes on your device. Only the link you get after sending opens it.",
    plays: "This browser plays {codecs}. Any other clip you can save and open with a player such as VLC.",
    playsNone:
      "This browser plays none of the usual video formats. You can save a clip and open it with a player such as VLC.",
  },
  when: {
    title: "When did it happen?",
    date: "Date",
    from: "From",
    to: "To",
    zone: "Local time of this device: {zone}",
    zoneOther: "Local time in the zone {zone}",
    zoneChoose: "Time zone of these times",
    zoneOwn: "This device: {zone}",
    nextDay: "Ends the next day.",
    twice: "The clock shows this hour twice that night. Both are asked for.",
    hint: "1 minute to 12 hours, in the last 366 days. The shorter, the better the chance.",
  },
  what: {
    title: "What happened?",
    text: "Describe it, and what a camera may have seen",
    hint: "For example: “My bicycle was knocked over in front of number 12.”",
    count: "{n} of {most} characters",
  },
  who: {
    title: "Who are you?",
    name: "Your name",
    kind: "You are asking as",
    kindChoose: "Please choose",
    kinds: {
      neighbour: "A neighbour",
      police: "Police",
      insurer: "An insurer",
      other: "Somebody else",
    },
    caseNumber: "Case number",
    caseNumberHint: "The owner sees it. Police requests need one.",
    contact: "Phone or e-mail",
    optional: "optional",
    contactHint: "Only if the owner may get in touch. The answer itself comes through your link.",
  },
  send: "Send request",
  sending: "Sending…",
  sendAgain: "Try again",
  change: "Change something first",
  faults: {
    date: {
      required: "Choose the date.",
      too_old: "This is more than 366 days ago.",
      future: "This day is still to come. Is this device’s clock right?",
    },
    from: {
      required: "Fill in the time it starts.",
      future: "This is in the future. Is this device’s clock right?",
      skipped_hour: "This time did not exist that day: the clock was put forward.",
    },
    to: {
      required: "Fill in the time it ends.",
      future: "This is in the future. Choose an end that has passed.",
      skipped_hour: "This time did not exist that day: the clock was put forward.",
      window_short: "The end is the same as the start. At least 1 minute is needed.",
      window_long: "This is more than 12 hours. Choose an end that is nearer to the start.",
      end_before_start: "The end is before the start. Over midnight, a span can be 12 hours long at most.",
    },
    text: {
      required: "Write what happened.",
      too_long: "This is too long. {most} characters are possible.",
    },
    name: {
      required: "Write your name.",
      too_long: "This is too long. {most} characters are possible.",
    },
    kind: { required: "Choose who you are." },
    contact: { too_long: "This is too long. {most} characters are possible." },
    caseNumber: {
      required: "Police requests need a case number.",
      too_long: "This is too long. {most} characters are possible.",
    },
  },
  summary: {
    one: "One thing needs your attention. Nothing was sent yet.",
    other: "{n} things need your attention. Nothing was sent yet.",
  },
  failed: {
    not_found:
      "This link does not work (any more), so nothing was sent. Please ask the person who gave it to you for a new one. What you wrote is still here.",
    content:
      "The request was not accepted as it is, and nothing was kept. Check the times (is this device’s clock right?) and the texts, then send again.",
    unreachable:
      "The server could not be reached, or its answer got lost. What you wrote is still here. “Try again” is safe: the same request never counts twice.",
    key: "This browser could not make the key that locks the answer. Check the connection and try again, or use another browser.",
  },
  changeNote:
    "If the first attempt did arrive after all, the owner may see both versions.",
  received: {
    title: "Your request was received",
    keep: "Now keep this link. It is the only way to an answer.",
    why: "The part after # is the key. It was made on this device and nobody else has it, so nobody can send you the link again.",
    until: "Look again until {when}",
    link: "Your link",
    kept: "I have kept the link",
    keptDone: "Good. You may close this page.",
    open: "Open it now",
    leave: "Keep the link before you leave this page.",
    calendar: "Add to calendar",
    calendarFirst: "Look whether there is an answer about camera footage",
    calendarLast: "Last day to look for an answer about camera footage",
    calendarText:
      "Open the link that you saved when you asked. It is not in this entry, because whoever has it can open the answer.",
    next: "What happens now",
    nextText:
      "The owner decides in their own time. Open your link now and then: if they share a clip or write back, you find it there. If not, it keeps saying “received”, whatever the reason.",
    fileTitle: "Request for camera footage",
    fileText: "Open this link to see whether there is an answer. Keep it to yourself: whoever has it can open the answer.",
    fileUntil: "Look again until {when} ({utc}).",
  },
} as const;
