package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cells one after the other, and what a frontend sends meanwhile, through the wire. */
class CellQueueTest extends SharedKernel {
    @Test
    void interruptStopsASleepingCell() throws InterruptedException {
        String id = kernel.sendExecute("Thread.sleep(60_000);");
        Thread.sleep(500);
        JsonObject reply = kernel.controlRequest("interrupt_request", new JsonObject());
        assertEquals("ok", reply.get("status").getAsString());
        assertEquals("java.lang.InterruptedException", kernel.await(id).ename());
        assertEquals("4", ok("2 + 2").text());
    }

    @Test
    void interruptWakesMagicsAndRenderersThatSleep() throws InterruptedException {
        ok("getKernelInstance().getMagics().registerLineMagic(\"sleep\", words -> { Thread.sleep(60_000); return 1; });");
        ok("class Slow { public String toString() {\n  try { Thread.sleep(60_000); } catch (InterruptedException e) { return \"woken\"; }\n"
                + "  return \"slept\";\n} }");
        String magic = kernel.sendExecute("int before = 5;\n%sleep");
        Thread.sleep(1000);
        kernel.controlRequest("interrupt_request", new JsonObject());
        assertEquals("java.lang.InterruptedException", kernel.await(magic).ename());
        assertEquals("6", ok("before + 1").text());
        String renderer = kernel.sendExecute("new Slow()");
        Thread.sleep(1000);
        kernel.controlRequest("interrupt_request", new JsonObject());
        assertEquals("woken", kernel.await(renderer).text());
        assertEquals("7", ok("before + 2").text());
    }

    @Test
    void cellsQueuedAfterAFailureAreAborted() {
        String failing = kernel.sendExecute("Thread.sleep(300); throw new RuntimeException();");
        String queued = kernel.sendExecute("1");
        assertEquals("error", kernel.await(failing).status());
        assertEquals("aborted", kernel.await(queued).status());
        assertEquals("4", ok("2 + 2").text());
    }

    @Test
    void cellSentAfterTheReplyToAFailureIsNotAborted() {
        for (int i = 0; i < 100; i++) {
            String failing = kernel.sendExecute("%nosuchmagic");
            assertEquals("error", kernel.awaitReply(failing).get("status").getAsString());
            String next = kernel.sendExecute("");
            assertEquals("ok", kernel.awaitReply(next).get("status").getAsString(), "round " + i);
        }
    }

    @Test
    void inputIsAskedOfTheFrontend() {
        String id = kernel.sendExecute("new Scanner(System.in).nextLine().toUpperCase()");
        kernel.answerInput("from the user");
        assertEquals("FROM THE USER", kernel.await(id).text());
    }

    @Test
    void historyHoldsEachCellOnceWhereAskedAndTheBeginningOfLongResults() {
        for (String code : List.of("\"a\".repeat(1_000_000)", "7 * 191", "7 * 191", "8 * 191")) {
            kernel.execute(code);
        }
        JsonObject request = new JsonObject();
        request.addProperty("hist_access_type", "search");
        request.addProperty("pattern", "* * 191");
        request.addProperty("unique", true);
        JsonArray found = kernel.request("history_request", request).getAsJsonArray("history");
        assertEquals(List.of("7 * 191", "8 * 191"), found.asList().stream().map(line -> line.getAsJsonArray().get(2).getAsString()).toList());
        int count = found.get(0).getAsJsonArray().get(1).getAsInt();
        request.addProperty("hist_access_type", "range");
        request.addProperty("start", count - 2);
        request.addProperty("stop", count + 1);
        request.addProperty("output", true);
        JsonArray range = kernel.request("history_request", request).getAsJsonArray("history");
        assertEquals(3, range.size());
        assertEquals("[\"7 * 191\",\"1337\"]", range.get(2).getAsJsonArray().get(2).toString());
        String longResult = range.get(0).getAsJsonArray().get(2).getAsJsonArray().get(1).getAsString();
        assertTrue(longResult.startsWith("aaa") && longResult.length() < 20_000, longResult.length() + " characters");
    }

    @Test
    void historyHoldsWhatWasExecutedAndItsResult() {
        ok("4000 + 321");
        JsonObject request = new JsonObject();
        request.addProperty("hist_access_type", "search");
        request.addProperty("pattern", "4000 ? 3*");
        request.addProperty("output", true);
        JsonObject reply = kernel.request("history_request", request);
        assertTrue(reply.get("history").toString().contains("[\"4000 + 321\",\"4321\"]"), reply.toString());
    }
}
