def suite = new groovy.xml.XmlSlurper().parse(new File(basedir, 'target/surefire-reports/TEST-NotebooksTest.xml'))
assert suite.@tests == '2' && suite.@failures == '1' && suite.@errors == '0'
assert suite.testcase.find { !it.failure.isEmpty() }.failure.text().contains('ArithmeticException: / by zero')
def executed = new groovy.json.JsonSlurper().parse(new File(basedir, 'target/notebooks/good.ipynb'))
assert executed.cells[0].outputs[0].data.'text/plain' == ['built here'] // by a class of the build
assert new File(basedir, 'target/notebooks/deep/bad.ipynb').text.contains('ArithmeticException')
