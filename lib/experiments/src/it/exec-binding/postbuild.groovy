def suites = new groovy.xml.XmlSlurper().parse(new File(basedir, 'target/notebooks/junit.xml'))
assert suites.testsuite.@tests == '1' && suites.testsuite.@failures == '0' && suites.testsuite.@errors == '0'
def executed = new groovy.json.JsonSlurper().parse(new File(basedir, 'target/notebooks/good.ipynb'))
assert executed.cells[0].outputs[0].data.'text/plain' == ['42']
