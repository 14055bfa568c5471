import { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import type { Command } from "@/lib/kernel/command";
import type { KeyPermission } from "@/lib/programs/schema";
import { type Editable, patch, replace, versionNamed } from "./editing";
import { type AnyOperation, idParam } from "./operation";
import { JSON_TYPE } from "./read-input";

type Resource<S extends z.ZodType, A extends z.ZodObject> = Editable<S, A> & {
  /** Such as `EmailAccount`: paths, ids and summaries follow from it. */
  name: string;
  tag: string;
  answered: string;
  find(actor: Actor, id: string): Promise<z.input<A> | null>;
  put?: Partial<Description>;
  patch?: Partial<Description>;
  /** Gives a patch of its fields alone, by rules of its own. */
  patchAlone?: Command<z.ZodObject, unknown>;
};

type Asked = { actor: Actor; params: Readonly<Record<string, string>> };
type Edited = Asked & { request: Request; body: z.output<typeof anObject> };

type Description = { id: string; summary: string; description?: string };

const EDIT_ERRORS = ["conflict", "stale", "unprocessable"] as const;

const anObject = z.record(z.string(), z.unknown(), { error: "Send a JSON object." });

const PUT_RULES =
  "Send what GET returned, with your changes: `version` is the one that you read, and if it is no longer the stored one, nothing is changed (`stale`). A field that you leave out gets its default, a secret stays what it is. Read-only fields are passed over. If nothing differs, nothing is written.";
const PATCH_RULES =
  "A JSON merge patch (RFC 7396): send only the fields to change. `null` is for fields that can be null: any other field refuses it, as in PUT. Without `version` the patch applies to whatever is stored; with it, only to that version (`stale`). The result is checked by the rules of PUT.";

/** GET, PUT and PATCH of one object. */
export function resourceOperations<S extends z.ZodType, A extends z.ZodObject>(
  resource: Resource<S, A>,
) {
  const { name, answer, answered: description, tag, patchAlone } = resource;
  const { input: schema, permission } = resource.update;
  const { path, idParameter, noun, one } = namesOf(name);
  const at = { path, tag, params: z.object({ [idParameter]: idParam }) };
  const shared = {
    ...at,
    permission: permission as KeyPermission, // as in commandOperation
    errors: EDIT_ERRORS,
    isVersioned: true,
  } as const;
  const saved = {
    status: 200,
    description: `${description} As it is now.`,
    schema: answer,
  } as const;
  const idOf = (params: Readonly<Record<string, string>>) => params[idParameter] ?? "";
  const getOperation: AnyOperation = {
    ...at,
    id: `get${name}`,
    summary: `One ${noun}`,
    permission: permission.replace(/write$/, "read") as KeyPermission, // as in commandOperation
    method: "GET",
    answer: { status: 200, description, schema: answer },
    handle: ({ actor, params }: Asked) => findOne(resource, actor, idOf(params)),
  };
  const put: AnyOperation = {
    ...shared,
    ...withRules({ id: `update${name}`, summary: `Change ${one}`, ...resource.put }, PUT_RULES),
    method: "PUT",
    body: anObject,
    edits: { schema, answer, isPatch: false },
    answer: saved,
    async handle({ actor, request, params, body }: Edited) {
      const id = idOf(params);
      await replace(resource, { actor, id, body: { ...versionNamed(request), ...body } });
      return findOne(resource, actor, id);
    },
  };
  const patching = { id: `patch${name}`, summary: `Change some fields of ${one}` };
  const patchOperation: AnyOperation = {
    ...shared,
    ...withRules({ ...patching, ...resource.patch }, PATCH_RULES),
    method: "PATCH",
    body: anObject,
    takes: ["application/merge-patch+json", JSON_TYPE],
    edits: { schema, answer, isPatch: true },
    answer: saved,
    async handle({ actor, request, params, body }: Edited) {
      const id = idOf(params);
      const alone = patchAlone?.input.safeParse({ ...body, id });
      if (patchAlone && alone?.success) await patchAlone(actor, alone.data);
      else await patch(resource, { actor, id, body: { ...versionNamed(request), ...body } });
      return findOne(resource, actor, id);
    },
  };
  return { get: getOperation, put, patch: patchOperation };
}

async function findOne<A extends z.ZodObject>(
  { find, notFound }: Pick<Resource<z.ZodType, A>, "find" | "notFound">,
  actor: Actor,
  id: string,
) {
  const found = await find(actor, id);
  if (!found) throw notFound();
  return found;
}

function namesOf(name: string) {
  const inPath = name.charAt(0).toLowerCase() + name.slice(1);
  const idParameter = `${inPath}Id`;
  const noun = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();
  const one = `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
  return { path: `/api/${inPath}s/{${idParameter}}` as const, idParameter, noun, one };
}

function withRules({ description, ...rest }: Description, rules: string): Description {
  return { ...rest, description: description ? `${description}\n\n${rules}` : rules };
}
