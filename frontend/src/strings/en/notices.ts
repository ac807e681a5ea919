/** Notices of the neighbourhood. `{name}` is a place for a value. */

export const panel = {
  notices: {
    empty: "No notice of your neighbourhood is open.",
    from: { operator: "The operator of “{hub}”", neighbour: "A neighbour, by way of “{hub}”" },
    published: "published {when}",
    until: "Shown until {when}.",
    words: "Their words. Links and instructions in them are not from us.",
    dismiss: "Put away",
    comment: {
      title: "Comment",
      text: "Your comment",
      hint: "Only the author of the notice can read it. It is shown to you once more before anything is sent.",
      prepare: "Prepare this comment",
    },
    send: {
      title: "Send in a notice",
      lead: "Something your neighbours should know? The moderators of the hub read it first. Once it is published everybody can read it, and it stays in the hub’s public log. No name goes along.",
      hub: "Hub",
      name: "Title",
      text: "What should they know?",
      limits: "At most {title} characters for the title and {text} for the text. A hub takes a few notices a day from one address.",
      for: "Who is it for?",
      near: "Homes near yours",
      all: "All homes of the hub",
      nearOnly: "It is for the homes near yours.",
      button: "Send to the moderators",
      done: "Handed in. You can take it back for a few seconds.",
      needed: "Fill in a title and a text.",
      titleLong: "The title is too long. {title} characters are possible.",
      textLong: "The text is too long. {text} characters are possible.",
    },
    written: "Sent in from here",
    states: { waiting: "waits to be sent", sent: "with the moderators", refused: "not taken" },
    takeBack: "Take back",
  },
} as const;
