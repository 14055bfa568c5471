/** The one shape between a Server Action and its form. */
export type ActionResult<T> = { ok: true; data: T } | { ok: false; error: ActionError };

export type ActionError = {
  code: string;
  /** For people. */
  message: string;
  /** Messages by field name; dots for nested ones. */
  fields?: Record<string, string[]>;
  /** An entry of the error catalogue. */
  remedyId?: string;
};
