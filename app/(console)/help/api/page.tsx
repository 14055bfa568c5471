import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Anchor, Group, Stack, Text } from "@mantine/core";
import { InlineLink } from "@/components/links";
import { Page } from "@/components/page";
import { Script } from "@/components/script";
import { requireUser } from "@/lib/http/auth/session";
import { env } from "@/lib/kernel/env";
import { GuideSection, ScriptTabs } from "../setup/guide";
import { describeOperations, type OperationGroup } from "./describe-operations";
import { Operations } from "./operations";

const CLIENTS = [
  { label: "Shell", file: "mail.sh" },
  { label: "Node.js", file: "mail.mjs" },
  { label: "Python", file: "mail.py" },
  { label: "PHP", file: "mail.php" },
] as const;

export default async function ApiPage() {
  await requireUser();
  const { origin } = env().url;
  const groups = operations(origin);
  return (
    <Page
      title="API"
      description="How your mail software gets its tokens, and what else programs can do."
      width="form"
    >
      <Stack gap="lg">
        <GuideSection title="Try it">
          <Text mb="sm">
            Create a key under <InlineLink href="/settings/api-keys">API Keys</InlineLink>, and list
            the email accounts with it:
          </Text>
          <Script
            label="In a terminal"
            text={`curl -H "Authorization: Bearer pk_…" ${origin}/api/emailAccounts`}
          />
          <Contents groups={groups} />
        </GuideSection>
        <GuideSection title="From a key to a mailbox" id="mailbox">
          <Text mb="sm">
            Open the email account, and copy the id at the end of its address. These programs need
            nothing more than it and the key to read and send:
          </Text>
          {env().extraCaPem !== undefined && (
            <Text mb="sm">
              This installation trusts an authority of its own (<code>POSTKEY_CA_FILE</code>). Let
              the programs trust that file as well: <code>CURL_CA_BUNDLE</code> for Shell,{" "}
              <code>NODE_EXTRA_CA_CERTS</code> for Node.js, <code>SSL_CERT_FILE</code> for Python,{" "}
              <code>php -d curl.cainfo=FILE</code> for PHP.
            </Text>
          )}
          <ScriptTabs
            scripts={CLIENTS.map(({ label, file }) => ({ label, text: client(origin, file) }))}
          />
        </GuideSection>
        <ManyAccounts origin={origin} />
        <GuideSection title="All operations" id="operations">
          <Text mb="sm">
            Send the key as <code>Authorization: Bearer pk_…</code>. Errors are problem details (RFC
            9457): <code>title</code> is the code, and <code>detail</code> says what to do. An input
            that is not valid has the reasons in <code>fields</code>; a failure of mail, sign-in or
            registration has <code>remedyId</code>, an entry of the{" "}
            <InlineLink href="/help/errors">error catalogue</InlineLink>. For client generators
            there is a{" "}
            <Anchor href="/api/openapi.json" inherit underline="always" c="inherit">
              description in OpenAPI 3.1
            </Anchor>
            .
          </Text>
          <Operations groups={groups} />
        </GuideSection>
      </Stack>
    </Page>
  );
}

function Contents({ groups }: { groups: OperationGroup[] }) {
  const link = (id: string, title: string) => (
    <Anchor key={id} href={`#${id}`} size="sm" underline="always" c="inherit">
      {title}
    </Anchor>
  );
  return (
    <Group component="nav" aria-label="On this page" gap="xs" mt="md">
      {link("mailbox", "From a key to a mailbox")}
      {link("many", "Change many accounts")}
      {link("operations", "All operations")}
      {groups.map(({ id, tag }) => link(id, tag))}
    </Group>
  );
}

/** Made once: slow, and constant while the process runs. */
function operations(origin: string): OperationGroup[] {
  described ??= describeOperations(origin);
  return described;
}
let described: OperationGroup[] | undefined;

function ManyAccounts({ origin }: { origin: string }) {
  return (
    <GuideSection title="Change many accounts, with progress" id="many">
      <Text mb="sm">
        This program changes all accounts that filters of the list find, 1,000 at a time. After each
        part it says what was changed and what was refused. The key needs the permissions{" "}
        <code>accounts:read</code> and <code>accounts:write</code>.
      </Text>
      <Script label="change-many.mjs" text={changeMany(origin)} />
    </GuideSection>
  );
}

/** The very files that the tests run. */
function client(origin: string, file: (typeof CLIENTS)[number]["file"]): string {
  return `${commandOf(origin, file)}\n\n${fileOf(file)}`;
}

function changeMany(origin: string): string {
  const lines = [
    `POSTKEY_URL=${origin} POSTKEY_API_KEY=pk_… \\`,
    `  FILTERS='search=sales&testSchedule=off' CHANGE='{"set":"testSchedule","to":"daily"}' node change-many.mjs`,
  ];
  return `${lines.map((line) => `// ${line}`).join("\n")}\n\n${fileOf("change-many.mjs")}`;
}

function fileOf(name: string): string {
  return readFileSync(join(process.cwd(), "docs/clients", name), "utf8");
}

function commandOf(origin: string, file: string): string {
  const comment = file.endsWith(".mjs") || file.endsWith(".php") ? "//" : "#";
  const program = { sh: "sh", mjs: "node", py: "python3", php: "php" }[file.split(".")[1] ?? ""];
  const lines = [
    `POSTKEY_URL=${origin} POSTKEY_API_KEY=pk_… \\`,
    `  POSTKEY_ACCOUNT=<id of the account> MAIL_TO=you@example.com ${program} ${file}`,
  ];
  return lines.map((line) => `${comment} ${line}`).join("\n");
}
