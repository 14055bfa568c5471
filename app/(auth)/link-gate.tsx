import { Alert, Loader, Stack, Title } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { attempt } from "@/components/use-action";
import type { ActionError, ActionResult } from "@/lib/http/schema";

/** Longer is no link and is not sent. */
const HASH_MAX = 100;

type LinkGateProps<T> = {
  title: string;
  titleOf?: (link: T) => string;
  /** By its token, which stays behind the # and so reaches no server log. */
  find: (input: { token: string }) => Promise<ActionResult<T>>;
  /** @param refuse replaces all this if the link stops working in the meantime */
  children: (token: string, link: T, refuse: (error: ActionError) => void) => ReactNode;
};

export function LinkGate<T>({ title, titleOf = () => title, find, children }: LinkGateProps<T>) {
  const [found, setFound] = useState<{ token: string; result: ActionResult<T> } | null>(null);
  useEffect(() => {
    let latest = "";
    const look = () => {
      const token = window.location.hash.slice(1, HASH_MAX);
      latest = token;
      setFound(null);
      void attempt(() => find({ token })).then((result) => {
        if (token === latest) setFound({ token, result });
      });
    };
    look();
    // Another link in the same tab differs only behind the #, which loads no page.
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, [find]);
  const refuse = (error: ActionError) =>
    setFound((now) => now && { ...now, result: { ok: false, error } });
  const heading = found?.result.ok ? titleOf(found.result.data) : "This link doesn't work";
  return (
    <Stack gap="md" aria-busy={found === null}>
      <Title order={1} size="h3">
        {found ? heading : title}
      </Title>
      {found === null && <Loader size="sm" />}
      {found?.result.ok === false && (
        <Alert color="yellow" role="alert">
          {Object.values(found.result.error.fields ?? {})[0]?.[0] ?? found.result.error.message}
        </Alert>
      )}
      {found?.result.ok && children(found.token, found.result.data, refuse)}
    </Stack>
  );
}

export type PersonHere = { name: string; email: string };

export function ReplacedSession({ here, once }: { here: PersonHere; once: string }) {
  return (
    <Alert color="yellow" role="alert">
      You are signed in as {here.name} ({here.email}). Once {once}, {here.name} is signed out in
      this browser.
    </Alert>
  );
}
