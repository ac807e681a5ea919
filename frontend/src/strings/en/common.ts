/** What pages and panel both say. `{name}` is a place for a value. */

export const common = {
  language: "Language",
  copy: "Copy link",
  copied: "Copied",
  share: "Share…",
  showQr: "Show QR code",
  hideQr: "Hide QR code",
  qrAlt: "QR code of the link",
  saveFile: "Save as file",
  kinds: {
    neighbour: "Neighbour",
    police: "Police",
    insurer: "Insurer",
    other: "Other",
  },
  changes: {
    stream_copy: "Copied from the recording as it is, not compressed again",
    re_encoded: "The whole film compressed again",
    audio_removed: "Sound taken out",
    audio_re_encoded: "Sound compressed again",
    metadata_removed: "Hidden information taken out (places, devices, dates)",
    starts_at_key_frame: "Begins a little earlier, where the recording allows a cut",
    pieces_joined: "Joined from several recordings",
    start_re_encoded: "First moments compressed again, so that it begins exactly as chosen",
    masked: "Parts of the picture filled with black",
    clock_corrected: "Times put right: the recorder’s clock was off",
  },
} as const;
