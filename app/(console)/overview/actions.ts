"use server";

import { renewCalendarAddress } from "@/lib/calendar/mutations";
import { findCalendarAddress } from "@/lib/calendar/queries";
import { calendarAddressSchema } from "@/lib/calendar/schema";
import { defineAction } from "@/lib/http/action";

/** @returns null as long as there is none */
export const findCalendarAddressAction = defineAction(calendarAddressSchema, (actor) =>
  findCalendarAddress(actor),
);

export const renewCalendarAddressAction = defineAction(calendarAddressSchema, (actor) =>
  renewCalendarAddress(actor),
);
