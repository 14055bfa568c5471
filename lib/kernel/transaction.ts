import type { Prisma } from "@/prisma/generated/client";

export type Transaction = Prisma.TransactionClient;
