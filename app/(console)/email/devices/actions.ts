"use server";

import {
  createDevice,
  pauseDevice,
  revokeDevice,
  rotateDevice,
} from "@/lib/access/devices/mutations";
import { createDeviceSchema, deviceIdSchema, pauseDeviceSchema } from "@/lib/access/devices/schema";
import { defineAction } from "@/lib/http/action";

const revalidates = "/email/devices";

export const createDeviceAction = defineAction(createDeviceSchema, createDevice, { revalidates });

export const rotateDeviceAction = defineAction(deviceIdSchema, rotateDevice, { revalidates });

export const pauseDeviceAction = defineAction(pauseDeviceSchema, pauseDevice, { revalidates });

export const revokeDeviceAction = defineAction(deviceIdSchema, revokeDevice, { revalidates });
