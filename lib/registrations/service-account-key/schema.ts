import { z } from "zod";

/** 64 KiB: Google's key files have less than 3. */
export const KEY_FILE_MAX = 65_536;
export const KEY_FILE_TOO_LARGE =
  "This is larger than 64 KB, so it is not a key file. Choose the file that Google gave you.";

/** The text of a key file (Google, "Create and delete service account keys"), checked as far as it goes. */
export const keyFileSchema = z
  .string({ error: "Choose the key file, or paste its contents." })
  .trim()
  .min(1, { error: "Choose the key file, or paste its contents.", abort: true })
  .max(KEY_FILE_MAX, { error: KEY_FILE_TOO_LARGE, abort: true })
  .superRefine((text, context) => {
    const message = keyFileProblem(text);
    if (message !== null) context.addIssue({ code: "custom", message });
  });

const keySchema = z
  .object({
    type: z.literal("service_account"),
    client_email: z.string().min(3).max(320),
    client_id: z.string().regex(/^\d{10,30}$/),
    private_key_id: z.string().min(1).max(128),
    private_key: z.string().regex(/^-----BEGIN (RSA )?PRIVATE KEY-----\s/),
  })
  .transform((key) => ({
    clientEmail: key.client_email,
    clientId: key.client_id,
    keyId: key.private_key_id,
    privateKey: key.private_key,
  }));

const WHERE_TO_FIND_IT =
  "In the Google Cloud console open the service account, Keys, Add key, Create new key, JSON.";

const MISSING: Readonly<Record<string, string>> = {
  private_key: `The private key is missing from this file. ${WHERE_TO_FIND_IT}`,
  private_key_id: `The id of the key (private_key_id) is missing from this file. ${WHERE_TO_FIND_IT}`,
  client_email: `The name of the account (client_email) is missing from this file. ${WHERE_TO_FIND_IT}`,
  client_id: `The client id (client_id) is missing from this file. ${WHERE_TO_FIND_IT}`,
};

function keyFileProblem(text: string): string | null {
  const file = parse(text);
  if (typeof file !== "object" || file === null || Array.isArray(file))
    return `This is not a key file: it is not JSON. ${WHERE_TO_FIND_IT}`;
  if ("web" in file || "installed" in file)
    return `This is the file of an OAuth client, not the key of a service account. ${WHERE_TO_FIND_IT}`;
  const [issue] = keySchema.safeParse(file).error?.issues ?? [];
  if (!issue) return null;
  const field = String(issue.path[0]);
  return (
    MISSING[field] ??
    `This is not the key of a service account: its type is not service_account. ${WHERE_TO_FIND_IT}`
  );
}

export function readKeyFile(text: string) {
  return keySchema.parse(parse(text));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
