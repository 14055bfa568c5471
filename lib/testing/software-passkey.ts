import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

type Options = { challenge: string };
type Place = { origin: string; rpId: string };
type Act = { counter?: number; isVerified?: boolean };

/** User present, user verified, attested credential data (WebAuthn Level 3, §6.1). */
const [PRESENT, VERIFIED, ATTESTED] = [0x01, 0x04, 0x40];

/** An authenticator that makes one passkey and does as it is told: a copy of it is another one with its key. */
export function softwarePasskey({ origin, rpId }: Place) {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(32);
  const credentialId = id.toString("base64url");

  const clientData = (type: string, { challenge }: Options) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const head = (flags: number, counter: number) => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count]);
  };
  const base = { id: credentialId, rawId: credentialId, type: "public-key" };

  return {
    /** @returns what a browser would send, as JSON */
    register(options: Options, { counter = 1, isVerified = true }: Act = {}): string {
      const { x = "", y = "" } = publicKey.export({ format: "jwk" });
      const flags = PRESENT | ATTESTED | (isVerified ? VERIFIED : 0);
      const length = Buffer.from([0, id.length]);
      const authData = Buffer.concat([head(flags, counter), Buffer.alloc(16), length, id]);
      const attested = Buffer.concat([authData, coseKey(x, y)]);
      const response = {
        clientDataJSON: clientData("webauthn.create", options).toString("base64url"),
        attestationObject: attestation(attested).toString("base64url"),
        transports: ["internal"],
      };
      return JSON.stringify({ ...base, response, clientExtensionResults: {} });
    },
    /** @returns what a browser would send, as JSON */
    answer(options: Options, { counter = 2, isVerified = true }: Act = {}): string {
      const authenticatorData = head(PRESENT | (isVerified ? VERIFIED : 0), counter);
      const data = clientData("webauthn.get", options);
      const signature = sign(
        "sha256",
        Buffer.concat([authenticatorData, sha256(data)]),
        privateKey,
      );
      const response = {
        clientDataJSON: data.toString("base64url"),
        authenticatorData: authenticatorData.toString("base64url"),
        signature: signature.toString("base64url"),
      };
      return JSON.stringify({ ...base, response, clientExtensionResults: {} });
    },
  };
}

function sha256(data: string | Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}

/** CBOR of an ES256 key (RFC 9053 §7.1.1): {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
function coseKey(x: string, y: string): Buffer {
  const coordinate = (text: string) => Buffer.from(text, "base64url");
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
    coordinate(x),
    Buffer.from([0x22, 0x58, 0x20]),
    coordinate(y),
  ]);
}

/** CBOR of {fmt: "none", attStmt: {}, authData}. */
function attestation(authData: Buffer): Buffer {
  const text = (value: string) =>
    Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
  return Buffer.concat([
    ...[Buffer.from([0xa3]), text("fmt"), text("none"), text("attStmt"), Buffer.from([0xa0])],
    ...[text("authData"), Buffer.from([0x58, authData.length]), authData],
  ]);
}
