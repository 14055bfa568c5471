import { Alert } from "@mantine/core";

/** Who is signed in in this browser. */
export type PersonHere = { name: string; email: string };

/** Before a link replaces the session of another person: whose, and when it ends. @param once what ends it */
export function ReplacedSession({ here, once }: { here: PersonHere; once: string }) {
  return (
    <Alert color="yellow" role="alert">
      You are signed in as {here.name} ({here.email}). Once {once}, {here.name} is signed out in
      this browser.
    </Alert>
  );
}
