/** The frame of the panel, its list, and what both show of a request first. `{name}` is a place for a value. */

export const panel = {
  title: "Clip Consent",
  menu: "Menu",
  back: "Back",
  loading: "Loading…",
  partFailed:
    "This part of the page could not be loaded. Check the connection and try again; if that does not help, reload the page.",
  notLoaded:
    "Clip Consent is not running. Look under Settings → Devices & services, or try again in a moment.",
  offline:
    "No connection to Home Assistant. What you see may be old. It goes on by itself once the connection is back.",
  retry: "Try again",
  tabs: { requests: "Requests", neighbours: "Neighbours", notices: "Notices", history: "History", rules: "Rules", ledger: "Ledger", links: "Links" },
  off: "New requests are switched off. Whoever asks is told “received” all the same.",
  counts: {
    none: "No request is waiting.",
    one: "One request is waiting for an approver.",
    other: "{n} requests are waiting for an approver.",
  },
  notApprover:
    "Only approvers see requests. An administrator can make you one in the settings of Clip Consent.",
  voluntary: "Answering is voluntary.",
  free: "Saying no is free, and so is saying nothing. Nobody outside can tell the difference: the page of the one who asks keeps saying “received”.",
  list: {
    waiting: "Waiting for you",
    busy: "Under way",
    done: "Done",
    empty: "Nothing is waiting. When somebody asks, it appears here and on your phone.",
    trial: "Send yourself a test request",
    came: { service: "Asked at home", test: "Your own test", notice: "Your comment on a notice" },
    received: "came in {when}",
  },
  trust: {
    unverified: "Not checked",
    invited: "Invited",
    verified: "Verified",
  },
  trustText: {
    unverified: "Came through a public link. Nobody has checked who this is.",
    unverifiedLabel: "Came through your public link “{label}”. Nobody has checked who this is.",
    invited: "Came through a personal link. Whoever has that link can ask.",
    invitedLabel:
      "Came through the personal link you gave to “{label}”. Whoever has that link can ask.",
    verified: "A portal you trust says that it checked who this is.",
    vouched: "“{label}”, a hub you follow, says that it checked who this is.",
    notVouched: "Came through “{label}”, a hub you follow. It does not know who this is.",
    notice: "A notice of “{label}”, a hub you follow. Your comment goes to its author alone.",
    service: "Entered at home, for somebody who asked by phone or at the door. To your rules they count as invited.",
    test: "A test that you sent yourself.",
  },
  states: {
    received: "Just came in",
    screened: "Looking for recordings",
    drafting: "Preparing the clip",
    drafted: "Clip is ready",
    waiting: "Waiting for you",
    consented: "Approved",
    sealed: "On its way",
    shared: "Shared",
    closed: "Closed",
  },
  closed: {
    declined: "Declined",
    expired: "Expired without an answer",
    withdrawn: "Withdrawn",
    screened_out: "Ignored by a rule",
    switched_off: "Came while requests were switched off",
    over_limit: "Came over the daily limit",
  },
  faults: {
    unknown: "That did not work. Try again.",
    no_connection:
      "The connection to Home Assistant was lost. When it is back, look whether it worked before you try again.",
    unauthorized: "Your user may not do this.",
    unknown_command: "Clip Consent is not running. Try again in a moment.",
    invalid_format: "Home Assistant did not take one of the values.",
    strange_answer:
      "Home Assistant answered in a way this page does not know. Reload the page: it may be older than the server.",
    timeout: "Home Assistant did not answer in time. Look whether it worked before trying again.",
    key: "This browser could not make a key. Reload the page and try again.",
    download: "The file could not be downloaded. Try again.",
  },
} as const;
