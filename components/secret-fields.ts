/** Fields of forms that hold a secret, by their names: nothing but the server may keep what is typed there. */
const SECRET_FIELD = /secret$|password|token$|passphrase|file$|^url$/i;
/** These are called alike and hold none. */
const NO_SECRETS = new Set(["tokenFile"]);

export function isSecretField(name: string): boolean {
  return SECRET_FIELD.test(name) && !NO_SECRETS.has(name);
}
