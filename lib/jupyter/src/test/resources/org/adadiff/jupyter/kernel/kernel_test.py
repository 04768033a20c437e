"""Jupyter's own test of a kernel, jupyter_kernel_test, with every sample that it takes; exit code 77 where it is not installed."""
import sys
import unittest

try:
    import jupyter_kernel_test
except ImportError:
    sys.exit(77)


class JavaKernelTest(jupyter_kernel_test.KernelTests):
    kernel_name = "java-under-test"
    language_name = "Java"
    file_extension = ".jshell"
    code_hello_world = 'System.out.println("hello, world");'
    code_stderr = 'System.err.print("test");'
    completion_samples = [
        {"text": '"a".toUpp', "matches": {"toUpperCase("}},
        {"text": "System.out.printl", "matches": {"println("}},
        {"text": "%lo", "matches": {"load", "loadFromPOM"}},
    ]
    complete_code_samples = ["1", "int x = 1;", "class A { }", "%load x"]
    incomplete_code_samples = ["for (;;) {", "int f(", "/* comment"]
    invalid_code_samples = ["int = = ;", ")"]
    code_generate_error = 'throw new RuntimeException("x");'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"te" + "xt"', "result": "text"},
        {"code": "new int[] {1, 2}", "result": "[1, 2]"},
    ]
    code_display_data = [
        {"code": 'display("<b>x</b>", "text/html");', "mime": "text/html"},
        {"code": "display(5);", "mime": "text/plain"},
    ]
    code_history_pattern = "6*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "System.out.println("
    code_clear_output = "clearOutput(false);"
    code_page_something = "Math.max?"


unittest.main(argv=["kernel_test", "-v"])
