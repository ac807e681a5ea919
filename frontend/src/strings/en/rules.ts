/** The owner's rules. `{name}` is a place for a value. */

export const panel = {
  rules: {
    title: "Your rules",
    text: "They are read from the lowest number to the highest. The first that fits decides; the limits of all that fit count. No rule approves anything.",
    none: "No rule fits",
    verdicts: { ask: "You are asked", list: "It is listed, without a push", ignore: "It is ignored" },
    decided: {
      one: "Decided one of the last 50 requests",
      other: "Decided {n} of the last 50 requests",
    },
    fits: "Fits if this holds:",
    allows: "Allows:",
    decidedNone: "Decided none of the last 50 requests",
    change: "Change the rules",
    tryTitle: "Try it",
    tryText: "What would the rules say to this? Nothing is kept of it, and nobody is asked.",
    trust: "How they reached you",
    kind: "They say they are",
    start: "Footage from",
    end: "Footage until",
    received: "It comes at (empty: now)",
    cameras: "The invite is for these cameras",
    areaRadius: "Area: radius in metres (empty: no area)",
    distance: "Area: metres from home to its nearest edge (0: home lies in it)",
    caseNumber: "Case number",
    words: "What they write",
    wrong: {
      time: "Fill in two times that exist.",
      order: "The end has to come after the start.",
      metres: "Give whole metres, such as 250.",
      radius: "The radius of an area is {least} to {most} metres.",
      needsRadius: "A distance needs a radius.",
      far: "The area can be at most {km} km from home.",
    },
    try: "Ask the rules",
  },
} as const;
