package org.adadiff.jupyter.kernel;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The documentation comments of a source file. Declarations have names such as {@code java.util.Map.of(Object,Object)}. */
final class SourceComments extends TreePathScanner<Void, DocTrees> {
    private static final String ANNOTATION = "@[\\w.]+(\\([^)]*\\))?\\s*";

    private final Map<String, String> comments = new HashMap<>();

    private SourceComments() {}

    /** Reads what can be read of a source, errors or not: comments, with their tags, by the names of what they stand above. */
    static Map<String, String> of(String source) {
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Source.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(Writer.nullWriter(), null, problem -> {}, List.of("-proc:none"), null, List.of(file));
        SourceComments found = new SourceComments();
        try {
            found.scan(task.parse(), DocTrees.instance(task));
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be read", e);
        }
        return found.comments;
    }

    /**
     * Returns the name of a declaration. One that begins with a dot belongs to no class: it is a cell's.
     *
     * @param signature as JShell has it: {@code V Map<K, V>.put(K key, V value)}, {@code Point.x:int}, {@code Point(int x)}, {@code Map<K, V>}
     */
    static String name(String signature) {
        String plain = plain(signature);
        int open = plain.indexOf('(');
        if (open < 0) {
            String name = plain.replaceFirst(":.*", "");
            return name.equals(plain) || name.contains(".") ? name : "." + name;
        }
        String name = plain.substring(plain.lastIndexOf(' ', open) + 1, open);
        if (name.length() == open) {
            // Only a constructor returns nothing
            name += ".<init>";
        }
        String parameters = plain.substring(open + 1, plain.indexOf(')', open));
        return (name.contains(".") ? name : "." + name) + Stream.of(parameters.split(","))
                .map(parameter -> parameter.strip().replaceFirst("\\s+\\S+$", ""))
                .map(SourceComments::simple)
                .collect(Collectors.joining(",", "(", ")"));
    }

    /** Without annotations and type parameters. */
    private static String plain(String signature) {
        String plain = signature.replaceAll(ANNOTATION, "");
        for (String before = ""; !before.equals(plain);) {
            before = plain;
            plain = plain.replaceAll("<[^<>]*>", "");
        }
        return plain;
    }

    private static String simple(String type) {
        return plain(type).replace("...", "[]").replaceAll("[\\w$]+\\.|\\s", "");
    }

    @Override
    public Void visitClass(ClassTree type, DocTrees trees) {
        put(scope(getCurrentPath()), trees);
        return super.visitClass(type, trees);
    }

    @Override
    public Void visitMethod(MethodTree method, DocTrees trees) {
        String parameters = method.getParameters().stream()
                .map(parameter -> simple(parameter.getType().toString()))
                .collect(Collectors.joining(",", "(", ")"));
        put(scope(getCurrentPath().getParentPath()) + "." + method.getName() + parameters, trees);
        return null;
    }

    @Override
    public Void visitVariable(VariableTree field, DocTrees trees) {
        put(scope(getCurrentPath().getParentPath()) + "." + field.getName(), trees);
        return null;
    }

    private void put(String name, DocTrees trees) {
        String comment = trees.getDocComment(getCurrentPath());
        if (comment != null) {
            comments.put(name, comment);
        }
    }

    private static String scope(TreePath path) {
        String name = "";
        for (Tree tree : path) {
            if (tree instanceof ClassTree type) {
                name = name.isEmpty() ? type.getSimpleName().toString() : type.getSimpleName() + "." + name;
            } else if (tree instanceof CompilationUnitTree unit && unit.getPackageName() != null) {
                name = unit.getPackageName() + "." + name;
            }
        }
        return name;
    }
}
