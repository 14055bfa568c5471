/** An entry of the error catalogue: what happened, why, and who does what about it. */
export type Remedy = {
  id: string;
  /** What happened, in one plain sentence. */
  title: string;
  cause: string;
  /** In order. The first one is the most likely to help. */
  steps: readonly string[];
  who: "mailbox_owner" | "tenant_administrator" | "postkey_administrator";
  /**
   * `yes`: the same again may succeed. `reauth`: somebody has to sign in. `after_fix`: something
   * has to be changed first. `no`: repeating it is of no use.
   */
  retry: "yes" | "reauth" | "after_fix" | "no";
  command?: { shell: "Exchange Online PowerShell" | "Azure CLI"; text: string };
  link?: { label: string; url: string };
  /** Where the facts come from: an address or the name of a document. */
  source: string;
};

/** Values for the placeholders of a text, by name; `{mailbox}` stands for `mailbox`. */
export type RemedyContext = {
  mailbox?: string;
  tenantId?: string;
  clientId?: string;
  redirectUri?: string;
  host?: string;
  port?: number;
};
