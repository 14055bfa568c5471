import { expect, test } from "vitest";
import type { Destination } from "@/lib/kernel/crypto";
import type { saveCredential } from "./credentials/mutations";
import type { replaceCredential } from "./credentials/store";
import type { AdmittedCredential, ProvedCredential } from "./prove-registration";

/* What is refused here is refused by the compiler: each line below is an error, or this file is one. */
const credential = { kind: "client_secret", secret: "Qx8~never.tried" } as const;
const destination = {} as Destination;
const typed = { credential, destination, provedAt: new Date() };

test("what was only typed passes neither for a proved credential nor for an admitted one", () => {
  // @ts-expect-error
  const proved: ProvedCredential = typed;
  // @ts-expect-error
  const admitted: AdmittedCredential = { ...typed, provedAt: null };
  expect([proved, admitted]).toHaveLength(2);
});

test("what is put in use is admitted, and what replaces another is proved", () => {
  type Admitted = Parameters<typeof replaceCredential>[1]["admitted"];
  type Proved = Parameters<typeof saveCredential>[2]["proved"];
  const admitted = (value: AdmittedCredential): Admitted => value;
  // @ts-expect-error
  const proved = (value: AdmittedCredential): Proved => value;
  expect([admitted, proved]).toHaveLength(2);
});
