package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainJavaTest {
    private static final String MORE = " next();";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "int x = 3;",
                "\n  System.out.println(\"a;b {\" + ';' + '\\'' + \"\\\";\");",
                "import java.util.*;",
                "var list = Stream.of(1, 2)\n    .map(i -> i / 2)\n    .toList();",
                "x = y = 4;",
                "throw new Error();"
            })
    void plainStatementEndsAtItsSemicolon(String statement) {
        assertEquals(statement.length(), PlainJava.endOfFirst(statement + MORE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (a) b(); else c();",
                "for (int i = 0; i < 3; i++) f(i);",
                "do f(); while (g());",
                "label: while (f());",
                "int[] x = {1, 2};",
                "class A { int x; }",
                "Runnable r = () -> { f(); };",
                "String s = \"\"\"\n    a;\n    \"\"\";",
                "f(); // so",
                "// so; and so\nf();",
                "f(/* a; */ 3);",
                ";",
                "f(3)"
            })
    void restIsLeftToJShell(String code) {
        int end = PlainJava.endOfFirst(code);
        assertEquals(code.startsWith("f();") ? "f();".length() : -1, end);
    }
}
