import type { Finding, FindingSubject } from "./schema";

export function ok(subject: FindingSubject): Finding {
  return { subject, verdict: "ok" };
}

export function wrong(subject: FindingSubject, remedyId: string): Finding {
  return { subject, verdict: "wrong", remedyId };
}

export function unknown(subject: FindingSubject): Finding {
  return { subject, verdict: "unknown" };
}
