import { constants, type KeyObject, sign, verify } from "node:crypto";
import { json, type WebResponse } from "../http";
import type { Platform } from "../platform";

export type Claims = Record<string, unknown>;

export interface DecodedJwt {
  header: Claims;
  claims: Claims;
  signedPart: Buffer;
  signature: Buffer;
}

/** Signs a JWT with RS256, as the identity platform signs all of its tokens. */
export function signJwt(claims: Claims, key: { kid: string; privateKey: KeyObject }): string {
  const header = { typ: "JWT", alg: "RS256", kid: key.kid, x5t: key.kid };
  const signedPart = `${encode(header)}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(signedPart), key.privateKey);
  return `${signedPart}.${signature.toString("base64url")}`;
}

/** The JSON Web Key Set with which programs check signatures. */
export function publishedKeys({ keys }: Platform): WebResponse {
  const { kid, publicKey } = keys;
  const key = { ...publicKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid, x5t: kid };
  return json(200, { keys: [key] });
}

/** Takes a JWT apart without trusting it; undefined where it is none. */
export function decodeJwt(token: string): DecodedJwt | undefined {
  const [header, claims, signature, ...rest] = token.split(".");
  if (!header || !claims || !signature || rest.length > 0) return undefined;
  const decodedHeader = decode(header);
  const decodedClaims = decode(claims);
  if (!decodedHeader || !decodedClaims) return undefined;
  return {
    header: decodedHeader,
    claims: decodedClaims,
    signedPart: Buffer.from(`${header}.${claims}`),
    signature: Buffer.from(signature, "base64url"),
  };
}

/** Checks the signature with RS256 or PS256; every other algorithm is refused. */
export function hasValidSignature(jwt: DecodedJwt, key: KeyObject): boolean {
  if (jwt.header.alg === "RS256") return verify("sha256", jwt.signedPart, key, jwt.signature);
  if (jwt.header.alg !== "PS256") return false;
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return verify("sha256", jwt.signedPart, pss, jwt.signature);
}

function encode(value: Claims): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
