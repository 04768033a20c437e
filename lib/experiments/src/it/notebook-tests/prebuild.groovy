// The README's own lines, so that they cannot drift from what works
def readme = new File(basedir, '../../../../../README.md').getText('UTF-8')
def method = (readme =~ /(?s)```java\n(@TestFactory.*?)```/)[0][1]
def test = new File(basedir, 'src/test/java/NotebooksTest.java')
test.parentFile.mkdirs()
test.setText("""import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.adadiff.jupyter.runner.KernelSpec;
import org.adadiff.jupyter.runner.NotebookTests;
import org.adadiff.jupyter.runner.RunOptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class NotebooksTest {
${method}}
""", 'UTF-8')
