import { apiDoor } from "@/lib/http/api/door";
import { findActor } from "@/lib/http/auth/request";

export const dynamic = "force-dynamic";

const answer = apiDoor(findActor);

export {
  answer as DELETE,
  answer as GET,
  answer as OPTIONS,
  answer as PATCH,
  answer as POST,
  answer as PUT,
};
