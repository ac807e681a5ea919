import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    testTimeout: 20_000, // machines are shared
    include: ["test/**/*.test.ts"],
    coverage: {
      provider: "v8",
      include: ["src/model/**"],
      reporter: ["text"],
      thresholds: { perFile: true, 100: true },
    },
  },
});
