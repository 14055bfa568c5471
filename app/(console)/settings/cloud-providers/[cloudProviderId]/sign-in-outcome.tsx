"use client";

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconUserQuestion } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { Can } from "@/components/can";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { RemedyPanel } from "@/components/remedy-panel";
import { useAction } from "@/components/use-action";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { ServiceId } from "@/lib/oauth/schema";
import type { Remedy } from "@/lib/remedies/remedy";
import type { Outcome } from "@/lib/sign-ins/schema";
import { confirmAuthorizationAction, discardAuthorizationAction } from "../actions";

type SignInOutcomeProps = {
  outcome: Outcome;
  authorizationRequestId: string;
  providerName: string;
  service: ServiceId | null;
  next?: ReactNode;
  remedy?: Remedy;
};

export function SignInOutcome(props: SignInOutcomeProps) {
  const { outcome, providerName, service, next, remedy } = props;
  useAnnouncement(outcome, providerName, remedy?.title);
  switch (outcome.kind) {
    case "connected":
      return <Connected {...outcome} service={service} next={next} />;
    case "confirm":
      return <Question {...props} outcome={outcome} />;
    case "failed":
      return remedy ? <RemedyPanel remedy={remedy} detail={outcome.detail} /> : null;
    case "discarded":
      return <Alert color="gray">The sign-in of {outcome.signedIn} was not kept.</Alert>;
    case "consented":
      return (
        <Alert color="teal" icon={<IconCircleCheck size={18} />} role="status">
          The permissions are granted for the whole organisation. No one is asked for them again.
        </Alert>
      );
    default:
      throw new Error(`Unhandled outcome ${outcome satisfies never}`);
  }
}

type ConnectedProps = Extract<Outcome, { kind: "connected" }> & {
  service: ServiceId | null;
  next: ReactNode;
};

function Connected({ username, missingScopes, service, next }: ConnectedProps) {
  if (missingScopes.length === 0)
    return (
      <Alert color="teal" icon={<IconCircleCheck size={18} />} role="status">
        {username} is signed in. {next}
      </Alert>
    );
  return (
    <Alert
      color="yellow"
      role="status"
      title={`${username} is signed in, but permissions are missing`}
    >
      {service ? PLATFORMS[service].brand : "The platform"} did not grant {missingScopes.join(", ")}
      . {service && PLATFORMS[service].missingGrant}
    </Alert>
  );
}

type QuestionProps = SignInOutcomeProps & { outcome: Extract<Outcome, { kind: "confirm" }> };

function Question({ outcome, authorizationRequestId }: QuestionProps) {
  const { isBusy, run } = useAction();
  const router = useRouter();
  const { signedIn, expected } = outcome;
  const answer = (action: typeof confirmAuthorizationAction) =>
    run(async () => {
      const result = await action({ authorizationRequestId });
      // Also if refused: someone else may have answered.
      router.refresh();
      return result;
    });
  const isSameName = signedIn.toLowerCase() === expected.toLowerCase();
  return (
    <Alert color="yellow" icon={<IconUserQuestion size={18} />} title={`${signedIn} signed in`}>
      <Stack gap="sm">
        <Text>
          {isSameName
            ? `Someone else was signed in under this name before. If you keep this sign-in, it replaces theirs.`
            : `You expected ${expected}. Keep ${signedIn} as well, or discard it.`}
        </Text>
        <Can permission="authorizations:write">
          <Group gap="xs">
            <Button size="xs" loading={isBusy} onClick={() => answer(discardAuthorizationAction)}>
              Discard
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={isBusy}
              onClick={() => answer(confirmAuthorizationAction)}
            >
              Keep {signedIn}
            </Button>
          </Group>
        </Can>
      </Stack>
    </Alert>
  );
}

/** Once per arrival, also under React's double effects. */
function useAnnouncement(outcome: Outcome, providerName: string, problem: string | undefined) {
  const announced = useRef(false);
  useEffect(() => {
    if (announced.current) return;
    announced.current = true;
    if (outcome.kind === "connected")
      notifySuccess(`${providerName}: ${outcome.username} is signed in.`);
    if (outcome.kind === "consented")
      notifySuccess(`${providerName}: consent for the organisation was granted.`);
    if (outcome.kind === "failed") notifyProblem(problem ?? "The sign-in was not completed.");
  }, [outcome, providerName, problem]);
}
