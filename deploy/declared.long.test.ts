import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shapeProblems } from "@/lib/testing/kubernetes";
import { report } from "@/lib/testing/long";
import { parseYaml } from "@/lib/testing/yaml";

/** What a tool says, whether it means well or not. */
function saidBy(program: string, args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  return { status, text: stdout + stderr };
}

const COMPOSE = "/usr/bin/docker-compose";
const given = { POSTKEY_HOSTNAME: "postkey.contoso.test", POSTGRES_PASSWORD: "secret" };
const config = ["-f", "deploy/compose.yaml", "config"];

test.runIf(existsSync(COMPOSE))("the file for Compose is one, and asks for what it needs", () => {
  expect(saidBy(COMPOSE, [...config, "-q"], given)).toEqual({ status: 0, text: "" });
  const missing = saidBy(COMPOSE, [...config, "-q"], { ...given, POSTKEY_HOSTNAME: "" });
  expect(missing.status).not.toBe(0);
  expect(missing.text).toContain("the name under which people reach Postkey");
});

const FOLDER = "deploy/systemd";
const units = readdirSync(FOLDER).map((name) => join(FOLDER, name));
const ANALYZE = "/usr/bin/systemd-analyze";

test.runIf(existsSync(ANALYZE)).each(units)(
  "systemd understands %s, and finds it well bounded",
  (unit) => {
    // It ends with 0 whatever it says.
    expect(saidBy(ANALYZE, ["verify", unit]).text).toBe("");
    const { text } = saidBy(ANALYZE, ["security", "--offline=true", "--no-pager", unit]);
    const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(text)?.[1]);
    report(unit, { exposure });
    expect(exposure).toBeLessThan(2);
  },
);

const KUSTOMIZE = "/usr/bin/kustomize";
const PROMTOOL = "/usr/bin/promtool";
for (const program of [COMPOSE, ANALYZE, KUSTOMIZE, PROMTOOL])
  if (!existsSync(program)) process.stdout.write(`  Not tested (missing: ${program}).\n`);

test.runIf(existsSync(KUSTOMIZE))("kustomize renders the objects of Kubernetes", () => {
  const { status, text } = saidBy(KUSTOMIZE, ["build", "deploy/kubernetes"]);
  expect(status, text).toBe(0);
  const objects = parseYaml(text);
  expect(objects.flatMap(shapeProblems)).toEqual([]);
  // Each pod has the settings by the name that their content gave them, and the image that the operator names.
  const [, settings = ""] = /^ {2}name: (postkey-\w{10})$/m.exec(text) ?? [];
  expect(text.match(new RegExp(`configMapRef:\\n +name: ${settings}$`, "gm"))).toHaveLength(4);
  expect(text.match(/image: registry\.example\.com\/postkey:latest$/gm)).toHaveLength(4);
});

test.runIf(existsSync(PROMTOOL))("Prometheus understands its rules", () => {
  const { status, text } = saidBy(PROMTOOL, ["check", "rules", "deploy/prometheus/rules.yaml"]);
  expect(status, text).toBe(0);
  expect(text).toContain("7 rules found");
});
