/**
 * Stands in for the post-quantum recipients of age-encryption, which nothing here uses:
 * keys are X25519, and the bundles are 50 kB smaller.
 */
export const MLKEM768P256 = undefined;
export const MLKEM768X25519 = undefined;
