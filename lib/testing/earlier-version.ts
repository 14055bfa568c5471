import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { findSealedColumns, type SealedColumn } from "@/lib/installation/keys/queries";
import { pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";

/**
 * Seals everything as the version did that bound secrets to their row and column alone, as if that version
 * had filled this database. What other columns say stays.
 */
export async function sealAsBefore(): Promise<number> {
  let count = 0;
  for (const where of await findSealedColumns()) {
    const { table, column, idColumn } = where;
    const { rows } = await pool().query<{ id: string; sealed: string }>(
      `SELECT "${idColumn}"::text AS id, "${column}" AS sealed FROM "${table}" WHERE "${column}" IS NOT NULL`,
    );
    // That version kept the address of a webhook in clear.
    if (column === "addressSealed") {
      for (const { id, sealed } of rows) await keepInClear(id, openAny(where, id, sealed).plain);
      continue;
    }
    for (const { id, sealed } of rows)
      await pool().query(`UPDATE "${table}" SET "${column}" = $1 WHERE "${idColumn}"::text = $2`, [
        asBefore(where, id, sealed),
        id,
      ]);
    count += rows.length;
  }
  return count;
}

/** The row of a webhook as it was before its address was sealed. */
async function keepInClear(id: string, url: Buffer): Promise<void> {
  await pool().query(
    `UPDATE "AlertChannel" SET target = $2, "addressSealed" = NULL WHERE id::text = $1`,
    [id, JSON.stringify({ kind: "webhook", url: url.toString() })],
  );
}

/** `v1.<key id>.<nonce>.<ciphertext and tag>` of a value that is bound to a destination now. */
export function asBefore(where: Cell, id: string, envelope: string): string {
  const { key, keyId, cell, plain } = openAny(where, id, envelope);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key.bytes, iv);
  cipher.setAAD(Buffer.from(["v1", ...cell].join("\0")));
  const body = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return `v1.${keyId}.${iv.toString("base64url")}.${body.toString("base64url")}`;
}

type Cell = Pick<SealedColumn, "table" | "column">;

/** Opens an envelope for whatever destination it was sealed. */
function openAny({ table, column }: Cell, id: string, envelope: string) {
  const [, keyId = "", bound = "", nonce = "", sealed = ""] = envelope.split(".");
  const key = env().keyring.byId.get(keyId);
  if (!key) throw new Error("Sealed with another key.");
  const bytes = Buffer.from(sealed, "base64url");
  const cell = [keyId, table, id, column];
  const decipher = createDecipheriv("aes-256-gcm", key.bytes, Buffer.from(nonce, "base64url"));
  decipher.setAAD(Buffer.from(["v2", ...cell, bound].join("\0")));
  decipher.setAuthTag(bytes.subarray(-16));
  const plain = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]);
  return { key, keyId, cell, plain };
}
