import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test("every component of Mantine that is used has its style sheet in mantine.css", () => {
  const styles = readFileSync("app/mantine.css", "utf8");
  const withStyles = namesInUse().filter((name) =>
    existsSync(`node_modules/@mantine/core/styles/${name}.css`),
  );
  expect(withStyles).toContain("Button");
  expect(withStyles.filter((name) => !styles.includes(`/styles/${name}.css`))).toEqual([]);
});

function namesInUse(): string[] {
  const sources = ["app", "components"].flatMap(sourcesBelow);
  const imports = sources.flatMap((source) => [
    ...source.matchAll(/import \{([^}]*)\} from "@mantine\/core"/g),
  ]);
  return [...new Set(imports.flatMap(([, names = ""]) => names.match(/\b[A-Z]\w+/g) ?? []))];
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".tsx"))
    .map((file) => readFileSync(join(folder, file), "utf8"));
}
