/**
 * What one harmless request found out about a registration before anybody signs in. `unknown`: the
 * platform could not be asked, or did not say.
 */
export type Finding = {
  subject: FindingSubject;
  verdict: "ok" | "wrong" | "unknown";
  /** An id of the error catalogue, where it is wrong. */
  remedyId?: string;
  /** Where the tenant really is, when it is another cloud than the chosen one. */
  elsewhere?: { authority: string; regionScope: string };
};

export type FindingSubject = "tenant" | "application" | "credential" | "redirect_uri";

export function ok(subject: FindingSubject): Finding {
  return { subject, verdict: "ok" };
}

export function wrong(subject: FindingSubject, remedyId: string): Finding {
  return { subject, verdict: "wrong", remedyId };
}

export function unknown(subject: FindingSubject): Finding {
  return { subject, verdict: "unknown" };
}
