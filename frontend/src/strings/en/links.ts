/** Invite links, and the test request. `{name}` is a place for a value. */

export const panel = {
  links: {
    none: "There is no invite link yet. Add one under Settings → Devices & services → Clip Consent.",
    expired: "This invite has ended: its link answers nobody any more.",
    atHomeOnly:
      "This link works at home only. Set an external URL in the network settings, and it works for others too.",
    kinds: { personal: "personal", public: "public" },
    unnamed: "Invite",
    test: "Send yourself a test request",
    testText:
      "Goes the whole way: rules, recordings, push, your approval. You open the answer as the one who asks.",
    testButton: "Send a test request",
    testDone:
      "Sent. First be the owner: show the request and approve it. Then be the one who asks, and open the answer on their page. The key in this link is kept nowhere else.",
    testNoPush:
      "Your phones show nothing of this test yet: they got a push less than 10 minutes ago, or ten in 24 hours. If it still waits at {when}, one push tells of all that does. Until then it is shown here.",
    testOpen: "Open the page of the one who asks",
    testCase: "Show the request",
    testLabel: "Status page of the test",
  },
} as const;
