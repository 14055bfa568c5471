import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COUNTERS, HISTOGRAMS } from "@/lib/kernel/metrics/schema";
import { GAUGES } from "@/lib/watch/metrics/gauges";

const FOLDER = "deploy/prometheus";
const rules = readFileSync(`${FOLDER}/rules.yaml`, "utf8");
const dashboard: { panels: { id: number; title: string; targets: { expr: string }[] }[] } =
  JSON.parse(readFileSync(`${FOLDER}/dashboard.json`, "utf8"));

/** Each metric with the labels that it can have; what counts something has those of its caller. */
const known = new Map<string, string | undefined>([
  ...Object.keys(COUNTERS).map((name) => [name, undefined] as const),
  ...Object.keys(HISTOGRAMS).flatMap((name) =>
    ["_bucket", "_sum", "_count"].map((end) => [`${name}${end}`, undefined] as const),
  ),
  ...Object.entries(GAUGES).map(([name, { label }]) => [name, label ?? ""] as const),
]);

/** Names and labels in an expression that the product does not have. */
function unknownIn(expression: string): string[] {
  const names = expression.match(/postkey_\w+/g) ?? [];
  const grouped = /by \((\w+)\) \((postkey_\w+)\)/g;
  const labels = [...expression.matchAll(grouped)].filter(
    ([, label, name = ""]) => known.get(name) !== label,
  );
  return [...names.filter((name) => !known.has(name)), ...labels.map(([text]) => text)];
}

test("rules and dashboard name metrics and labels that the product has", () => {
  const ofRules = [...rules.matchAll(/^ +expr: (.+)$/gm)].map(([, expression = ""]) => expression);
  const ofPanels = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(Math.min(ofRules.length, ofPanels.length)).toBeGreaterThan(5);
  expect([...ofRules, ...ofPanels].flatMap(unknownIn)).toEqual([]);
  expect(unknownIn("max(postkey_keeper)")).toEqual(["postkey_keeper"]);
  expect(unknownIn("max by (kind) (postkey_tokens)")).toEqual(["by (kind) (postkey_tokens)"]);
});

test("each panel has an id of its own", () => {
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
