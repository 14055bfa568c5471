import { z } from "zod";
import type { KeyPermission } from "@/lib/access/api-keys/schema";
import type { Actor } from "@/lib/kernel/actor";
import { idParam } from "./answers";
import { type Editable, patch, replace } from "./editing";
import { versionNamed } from "./if-match";
import { defineOperation } from "./operation";
import { JSON_TYPE } from "./read-input";

type EditOptions<S extends z.ZodType> = {
  editable: Editable<S>;
  permission: KeyPermission;
  path: `/api/${string}`;
  idParameter: string;
  tag: string;
  put: Description;
  patch: Description;
  patchAlone?: (
    actor: Actor,
    id: string,
    body: Readonly<Record<string, unknown>>,
  ) => Promise<boolean>;
};

type Description = { id: string; summary: string; description?: string };

const EDIT_ERRORS = ["conflict", "stale", "unprocessable"] as const;

const anObject = z.record(z.string(), z.unknown(), { error: "Send a JSON object." });

const PUT_RULES =
  "Send what GET returned, with your changes: `version` is the one that you read, and if it is no longer the stored one, nothing is changed (`stale`). A field that you leave out gets its default, a secret stays what it is. Read-only fields are passed over. If nothing differs, nothing is written.";
const PATCH_RULES =
  "A JSON merge patch (RFC 7396): send only the fields to change. `null` is for fields that can be null: any other field refuses it, as in PUT. Without `version` the patch applies to whatever is stored; with it, only to that version (`stale`). The result is checked by the rules of PUT.";

export function editOperations<S extends z.ZodType>(options: EditOptions<S>) {
  const { editable, idParameter, permission, path, tag, patchAlone } = options;
  const shared = {
    path,
    tag,
    permission,
    params: z.object({ [idParameter]: idParam }),
    errors: EDIT_ERRORS,
    isVersioned: true,
  } as const;
  const idOf = (params: Readonly<Record<string, string>>) => params[idParameter] ?? "";
  const { schema, answer } = editable;
  const put = defineOperation({
    ...shared,
    ...withRules(options.put, PUT_RULES),
    method: "PUT",
    body: anObject,
    edits: { schema, answer, isPatch: false },
    answer: { status: 204, description: "It was saved." },
    async handle({ actor, request, params, body }) {
      const sent = { ...versionNamed(request), ...body };
      await replace(editable, { actor, id: idOf(params), body: sent });
      return undefined;
    },
  });
  const patchOperation = defineOperation({
    ...shared,
    ...withRules(options.patch, PATCH_RULES),
    method: "PATCH",
    body: anObject,
    takes: ["application/merge-patch+json", JSON_TYPE],
    edits: { schema, answer, isPatch: true },
    answer: { status: 204, description: "It was saved." },
    async handle({ actor, request, params, body }) {
      const id = idOf(params);
      if (await patchAlone?.(actor, id, body)) return undefined;
      await patch(editable, { actor, id, body: { ...versionNamed(request), ...body } });
      return undefined;
    },
  });
  return { put, patch: patchOperation };
}

function withRules({ description, ...rest }: Description, rules: string): Description {
  return { ...rest, description: description ? `${description}\n\n${rules}` : rules };
}
