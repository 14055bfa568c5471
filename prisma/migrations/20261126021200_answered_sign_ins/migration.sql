-- Which answer ended a sign-in: a second one with another code is told apart from a reload of the first.
ALTER TABLE "AuthorizationRequest" ADD COLUMN "answerHash" TEXT;
