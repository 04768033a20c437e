package org.adadiff.jupyter.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class JavadocTest {
    private static final Javadoc METHOD = new Javadoc("List<T> Lists.take(List<T> from, int count)", """
             Takes the first {@code count} of a {@linkplain java.util.List list}, see {@link #skip(int, int)}.
             <p>
             Costs &lt; 1&nbsp;ms:
             <ul>
               <li>one
               <li>{@code List<T>}
             </ul>

             @param from  where to take,
                          in order
             @return the {@literal <first>}
             @throws NullPointerException if null
             @since 1.8
            """);

    @Test
    void textHasNoTags() {
        assertEquals("""
                List<T> Lists.take(List<T> from, int count)

                Takes the first count of a list, see skip(int, int).

                Costs < 1 ms:
                - one
                - List<T>

                Parameter from: where to take,
                in order

                Returns the <first>

                Throws NullPointerException: if null

                Since 1.8""", METHOD.text());
    }

    @Test
    void htmlKeepsTheMarkUpAndEscapesCode() {
        assertEquals("""
                <pre>boolean f(List&lt;T&gt; t)</pre>
                Is <b>it</b> <code>a &lt; b</code>?
                <p>Parameter <code>t</code>: $1</p>""", new Javadoc("boolean f(List<T> t)", "Is <b>it</b> {@code a < b}?\n@param t $1").html());
    }

    @Test
    void annotationInCodeIsNoTag() {
        assertEquals("void f()\n\nSo:\n\n@A\n@Override void g();",
                new Javadoc("void f()", "So:\n<pre>{@code\n @A\n @Override void g();\n}</pre>").text());
    }

    @Test
    void withoutSourcesThereIsTheSignature() {
        assertEquals("int f()", new Javadoc("int f()", null).text());
        assertEquals("<pre>int f()</pre>", new Javadoc("int f()", null).html());
    }
}
