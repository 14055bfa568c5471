import { RelativeTime } from "@/components/relative-time";
import { conclude } from "@/lib/checks/conclusion";
import { listConnectionTests } from "@/lib/checks/queries";
import type { Actor } from "@/lib/kernel/actor";
import { Conclusion, Next } from "../test-report";

/** What the last test found, with what repairs it: for an account that is signed in and fails. */
export async function LastFailure({ actor, id }: { actor: Actor; id: string }) {
  const { rows } = await listConnectionTests(actor, id, { limit: 1 });
  const [last] = rows;
  if (last?.verdict !== "failed") return null;
  const { text, next } = conclude(last.protocols);
  return (
    <>
      <Conclusion text={text} color="red">
        Tested <RelativeTime at={last.startedAt} />
      </Conclusion>
      {next && <Next next={next} />}
    </>
  );
}
