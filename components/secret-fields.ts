/** Only the server may keep these. */
const SECRET_FIELD = /secret$|password|token$|passphrase|file$|^url$/i;
/** Named alike, but no secrets. */
const NO_SECRETS = new Set(["tokenFile"]);

export function isSecretField(name: string): boolean {
  return SECRET_FIELD.test(name) && !NO_SECRETS.has(name);
}
