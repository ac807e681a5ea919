/** What was: requests that are over, and what was shared. `{name}` is a place for a value. */

export const panel = {
  deliveries: {
    title: "What you shared",
    what: "What",
    words: "An answer in words",
    receipt: "Save the receipt",
    at: "Shared",
    until: "Can be fetched until",
    untilNot: "Uploaded, it is out of your hands",
    handed: "Can be downloaded until",
    size: "Size as sent, sealed and padded",
    download: "Download the clip",
    downloading: "Downloading…",
    revoked: "Taken back on {when}",
    revoke: "Take back",
    sure: "Take it back? It can then no longer be fetched. What was already fetched stays there.",
    confirm: "Yes, take it back",
    keep: "Leave it",
  },
  history: {
    empty: "Nothing yet.",
    more: "Show older",
    search: "Search",
    only: "Show",
    show: { all: "All requests", shared: "Only what was shared" },
    camera: "Camera",
    allCameras: "All cameras",
    day: "Footage of the day",
    none: "Nothing fits.",
    noneYet: "Nothing among the newest. There are older ones.",
  },
} as const;
