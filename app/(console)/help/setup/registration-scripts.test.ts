import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { folderOfTest } from "@/lib/testing/folder";
import { type Registration, registrationScripts } from "./registration-scripts";

const REDIRECT = "https://post.contoso.com/api/cloudProviders/oauth2/microsoft/callback";
const TENANT = "8f5f2d8a-29f1-4a4a-9d5e-0c5b4a3f2e1d";

function script(label: string, changes: Partial<Registration> = {}): string {
  const registration: Registration = {
    tenant: TENANT,
    cloud: "global",
    grant: "delegated",
    redirectUri: REDIRECT,
    secretExpiresOn: "2027-05-25",
    ...changes,
  };
  const found = registrationScripts(registration).find((each) => each.label === label);
  if (!found) throw new Error(`There is no script for ${label}.`);
  return found.text;
}

/** A command that writes down how it was called, and answers as the Azure CLI does. */
const FAKE_AZ = `#!/bin/sh
printf '%s\\0' "$@" >> "$AZ_LOG"; printf '\\n' >> "$AZ_LOG"
case "$*" in
  *"ad app create"*) echo the-app ;;
  *"ad sp create"*) echo the-principal ;;
  *"credential reset"*) echo the-secret ;;
  *"ad sp show"*) echo the-role ;;
  *"account show"*) echo the-tenant ;;
esac
`;

describe("the script for the Azure CLI", () => {
  let folder: string;
  beforeEach(() => {
    folder = folderOfTest();
    writeFileSync(join(folder, "az"), FAKE_AZ);
    chmodSync(join(folder, "az"), 0o755);
  });

  function run(changes: Partial<Registration> = {}) {
    const log = join(folder, "log");
    const output = execFileSync("/bin/sh", ["-c", script("Azure CLI", changes)], {
      env: { ...process.env, PATH: `${folder}:/usr/bin:/bin`, AZ_LOG: log },
      encoding: "utf8",
    });
    const calls = readFileSync(log, "utf8").trimEnd().split("\n");
    return { output, calls: calls.map((call) => call.split("\0").slice(0, -1)) };
  }

  test("creates the application in one go, and prints the three values", () => {
    const { output, calls } = run();
    for (const value of ["the-app", "the-tenant", "the-secret"]) expect(output).toContain(value);
    expect(calls.map((call) => call.slice(0, 3).join(" "))).toEqual([
      "cloud set --name",
      `login --tenant ${TENANT}`,
      "ad app create",
      "ad sp create",
      "ad app permission",
      "ad app permission",
      "ad app credential",
      "account show --query",
    ]);
    expect(calls[2]?.[(calls[2]?.indexOf("--web-redirect-uris") ?? 0) + 1]).toBe(REDIRECT);
    expect(calls[4]?.filter((arg) => /=Scope$/.test(arg))).toHaveLength(7);
  });

  test("asks for the three application permissions by name where nobody signs in", () => {
    const { output, calls } = run({ grant: "app_only" });
    const asked = calls.filter((call) => call[1] === "sp" && call[2] === "show").map(String);
    for (const name of ["IMAP.AccessAsApp", "POP.AccessAsApp", "SMTP.SendAsApp"])
      expect(asked.some((call) => call.includes(name))).toBe(true);
    expect(calls.filter((call) => call.includes("the-role=Role"))).toHaveLength(3);
    expect(output).toContain("Enterprise application: the-principal");
  });

  test("takes nothing that was typed for a command", () => {
    const tenant = "x'; touch pwned; '$(touch pwned)";
    const { calls } = run({ tenant });
    expect(calls[1]?.[2]).toBe(tenant);
  });
});

test.each([
  ["Azure CLI", "global", "az cloud set --name AzureCloud"],
  ["Azure CLI", "gcc-high", "az cloud set --name AzureUSGovernment"],
  ["PowerShell", "dod", "-Environment USGovDoD"],
  ["Terraform", "gcc-high", 'environment = "usgovernmentl4"'],
] as const)("%s names the cloud %s as the tool does", (label, cloud, name) => {
  expect(script(label, { cloud })).toContain(name);
});

test("PowerShell and Terraform quote what was typed", () => {
  expect(script("PowerShell", { tenant: "a'b" })).toContain("'a''b'");
  expect(script("Terraform", { tenant: `a"$\{b}` })).toContain(`"a\\"$$\{b}"`);
});
