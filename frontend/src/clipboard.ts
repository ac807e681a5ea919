/** Copy a text; pages without TLS have no clipboard API, so there the old way is tried. */
export async function copyText(text: string, root: Document | ShadowRoot): Promise<boolean> {
  // Typed as always there, which it is not.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (clipboard) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // Not allowed here: try the old way.
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "offscreen";
  (root instanceof Document ? root.body : root).append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else works there
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}
