/** Looks from time to time whether what is behind this link has started, and opens it. */

const EVERY = 5_000; // milliseconds

async function look(): Promise<void> {
  try {
    const { status } = await fetch(location.pathname, { cache: "no-store" });
    if (status !== 503) location.reload(); // what stands behind a # stays
  } catch {
    // it may be back the next time
  }
}

setInterval(() => void look(), EVERY);
