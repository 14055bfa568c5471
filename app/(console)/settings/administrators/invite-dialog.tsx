import { Text } from "@mantine/core";
import { TextField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { showOnce } from "@/components/shown-once";
import { type Invite, inviteSchema } from "@/lib/people/administrators/schema";
import { inviteAdministratorAction } from "./actions";
import { InvitationLink } from "./mail-link";
import { RoleField } from "./roles";

type InviteDialogProps = { deciders: readonly string[]; canMail: boolean; onClose: () => void };

const OR = { type: "disjunction" } as const;
const EMPTY: Invite = { role: "operator", email: "", name: "" };

export function InviteDialog({ deciders, canMail, onClose }: InviteDialogProps) {
  return (
    <FormDialog
      title="Invite a person"
      submitLabel="Create link"
      schema={inviteSchema}
      defaultValues={EMPTY}
      action={inviteAdministratorAction}
      done={({ link }, { email = "" }) =>
        showOnce(<InvitationLink link={link} email={email} canMail={canMail} />)
      }
      onClose={onClose}
    >
      <RoleField />
      {deciders.length > 0 && (
        <Text>
          Who joins with an account of {new Intl.ListFormat("en", OR).format(deciders)} gets the
          role that their groups there give, not this one. Make sure that they are in such a group.
        </Text>
      )}
      <TextField<Invite>
        name="email"
        label="Email"
        description="If you enter it, the link can be used with this address only."
        type="email"
      />
      <TextField<Invite> name="name" label="Name" description="The person can change it." />
    </FormDialog>
  );
}
