import { Button, Loader, Text } from "@mantine/core";
import { CopyField } from "@/components/copy-field";
import { Dialog } from "@/components/dialog";
import { FormProblem } from "@/components/form-problem";
import { useAction, useAnswer } from "@/components/use-action";
import { calendarAddressAction } from "./actions";

export function CalendarAddressDialog() {
  const {
    data: address,
    problem,
    setData,
  } = useAnswer<string | null>(() => calendarAddressAction({ renew: false }));
  const { isBusy, run } = useAction();
  const renew = () => run(() => calendarAddressAction({ renew: true }), setData);
  return (
    <Dialog
      title="Expiries in your calendar"
      buttons={
        address !== undefined && (
          <Button variant={address ? "default" : "filled"} loading={isBusy} onClick={renew}>
            {address ? "Create a new address" : "Create an address"}
          </Button>
        )
      }
    >
      <FormProblem problem={problem} />
      <Text>
        {address ? "Subscribe to this address" : "Create an address, and subscribe to it"} in
        Outlook, Google Calendar or another calendar to see every expiry on its day. Anyone who
        knows the address can read the calendar.
      </Text>
      {address === undefined && !problem && <Loader size="sm" />}
      {address && <CopyField label="Calendar address" value={address} />}
      {address && (
        <Text size="xs" c="dimmed">
          A new address replaces this one. Calendars that subscribe to it need the new one.
        </Text>
      )}
    </Dialog>
  );
}
