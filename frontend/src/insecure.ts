/**
 * A home without TLS has pages where browsers leave `crypto.subtle` out. age-encryption
 * then falls back to its own arithmetic, but only if WebCrypto says that it does not know
 * an algorithm; so here it says so.
 */
export function allowInsecureContext(): void {
  // Typed as always there, which it is not.
  if ((crypto.subtle as SubtleCrypto | undefined) !== undefined) return;
  const importKey = () => Promise.reject(new DOMException("no WebCrypto here", "NotSupportedError"));
  Object.defineProperty(crypto, "subtle", { value: { importKey }, configurable: true });
}
