import { Alert } from "@mantine/core";

export type PersonHere = { name: string; email: string };

export function ReplacedSession({ here, once }: { here: PersonHere; once: string }) {
  return (
    <Alert color="yellow" role="alert">
      You are signed in as {here.name} ({here.email}). Once {once}, {here.name} is signed out in
      this browser.
    </Alert>
  );
}
