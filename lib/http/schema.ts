export type ActionResult<T> = { ok: true; data: T } | { ok: false; error: ActionError };

export type ActionError = {
  code: string;
  message: string;
  fields?: Record<string, string[]>;
  remedyId?: string;
};
