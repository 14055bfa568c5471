import { z } from "zod";

export const ROLES = ["viewer", "operator", "administrator", "auditor"] as const;
export type Role = (typeof ROLES)[number];

/** Someone whose company claims several roles gets the first of these; screens show them in the same order. */
export const HIGHEST_FIRST: readonly Role[] = ["administrator", "operator", "auditor", "viewer"];

export const roleSchema = z.enum(ROLES, { error: "This role does not exist." });

export const ROLE_LABELS: Readonly<Record<Role, string>> = {
  viewer: "Viewer",
  operator: "Operator",
  administrator: "Administrator",
  auditor: "Auditor",
};

/** “an operator”, in the middle of a sentence. */
export function roleInWords(role: Role): string {
  return `${role === "viewer" ? "a" : "an"} ${ROLE_LABELS[role].toLowerCase()}`;
}

export const ROLE_HINTS: Readonly<Record<Role, string>> = {
  viewer: "Sees providers, accounts, devices and incidents, and changes nothing.",
  operator: "Signs mailboxes in, edits and tests accounts, contacts and devices.",
  administrator: "Does everything, including providers, people, API keys and alerts.",
  auditor: "Sees what a viewer sees, people and the audit trail, and changes nothing.",
};
