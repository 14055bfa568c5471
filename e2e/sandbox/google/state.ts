import { generateKeyPairSync, randomBytes } from "node:crypto";

/** The one OAuth client and the one service account that the sandbox's Google knows. */
export interface GoogleState {
  clientId: string;
  clientSecret: string;
  serviceAccount: {
    email: string;
    /** What the administrator of a domain delegates to. */
    clientId: string;
    keyId: string;
    privateKeyPem: string;
    publicKeyPem: string;
    /** Domains that delegated the mail scope to it. */
    domains: string[];
  };
}

const PROJECT = "postkey-sandbox";

export function createGoogle(): GoogleState {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    clientId: "482915730064-sandbox.apps.googleusercontent.com",
    clientSecret: `GOCSPX-${randomBytes(21).toString("base64url")}`,
    serviceAccount: {
      email: `postkey@${PROJECT}.iam.gserviceaccount.com`,
      clientId: "110248495921238986420",
      keyId: randomBytes(20).toString("hex"),
      privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
      domains: ["wingtip.test"],
    },
  };
}

/** The key file as Google hands it out. */
export function serviceAccountKey({ serviceAccount }: GoogleState, tokenUri: string): string {
  const { email, clientId, keyId, privateKeyPem } = serviceAccount;
  return JSON.stringify(
    {
      type: "service_account",
      project_id: PROJECT,
      private_key_id: keyId,
      private_key: privateKeyPem,
      client_email: email,
      client_id: clientId,
      token_uri: tokenUri,
    },
    null,
    2,
  );
}
