import { Code, List, ListItem, Paper, Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { CopyField } from "@/components/copy-field";
import { Page } from "@/components/page";
import { requireUser } from "@/lib/auth/session";
import { redirectUri } from "@/lib/cloud-providers/redirect-uri";
import { registrationScript } from "./registration-script";

export const metadata: Metadata = { title: "Setup guide" };

const STEPS = [
  {
    title: "Register the application",
    text: "Sign in at entra.microsoft.com as an administrator of the tenant, open App registrations and choose New registration. Under Redirect URI choose the platform Web and paste the address below.",
  },
  {
    title: "Add the permissions",
    text: "API permissions → Add a permission → Microsoft Graph → Delegated permissions: email, offline_access, openid, profile, IMAP.AccessAsUser.All, POP.AccessAsUser.All, SMTP.Send.",
  },
  {
    title: "Create a client secret",
    text: "Certificates & secrets → New client secret. Copy the column Value at once: it is shown only now. The Secret ID beside it is of no use here.",
  },
  {
    title: "Copy the two ids",
    text: "On the overview: Application (client) ID and Directory (tenant) ID.",
  },
  {
    title: "Enter all of it in Postkey",
    text: "Settings → Cloud Providers → the + button. Then Authenticate from the row's menu, and sign in with the mailbox's own address.",
  },
] as const;

export default async function SetupPage() {
  await requireUser();
  const uri = redirectUri();
  return (
    <Page
      title="Setup guide"
      description="What to do once at Microsoft, with every value to copy."
      width="form"
    >
      <Stack gap="lg">
        <Paper withBorder p="lg" radius="md">
          <Stack>
            <List type="ordered" spacing="md">
              {STEPS.map(({ title, text }) => (
                <ListItem key={title}>
                  <Text fw={600}>{title}</Text>
                  <Text size="sm" c="dimmed">
                    {text}
                  </Text>
                </ListItem>
              ))}
            </List>
            <CopyField label="Redirect URI" value={uri} />
            <CopyField
              label="Permissions"
              value="email offline_access openid profile IMAP.AccessAsUser.All POP.AccessAsUser.All SMTP.Send"
            />
          </Stack>
        </Paper>
        <Paper withBorder p="lg" radius="md">
          <Title order={2} size="h5" mb={4}>
            Or run one script
          </Title>
          <Text size="sm" c="dimmed" mb="sm">
            With the Azure CLI, signed in as an administrator. It registers the application with
            redirect URI, permissions and a secret for six months, and prints the three values.
          </Text>
          <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {registrationScript(uri)}
          </Code>
        </Paper>
      </Stack>
    </Page>
  );
}
