import js from "@eslint/js";
import { configs as lit } from "eslint-plugin-lit";
import { defineConfig } from "eslint/config";
import { configs as typescript } from "typescript-eslint";

export default defineConfig(
  { ignores: ["node_modules/", "*.config.js", "*.mjs"] },
  js.configs.recommended,
  typescript.strictTypeChecked,
  typescript.stylisticTypeChecked,
  lit["flat/recommended"],
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "no-restricted-properties": [
        "error",
        // A requester's words are text, never markup: nothing is parsed as HTML.
        { property: "innerHTML" },
        { property: "outerHTML" },
        { property: "insertAdjacentHTML" },
      ],
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["lit/directives/unsafe*", "lit-html/directives/unsafe*"] }] },
      ],
      eqeqeq: "error",
    },
  },
);
